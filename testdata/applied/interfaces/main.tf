terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

provider "aws" {
  region = "eu-central-1"
}

# Interfaces in every spelling, Elastic IPs on instances and interfaces, fixed
# addresses, groups that are attached later, an instance without groups.

resource "aws_vpc" "main" {
  cidr_block = "10.7.0.0/16"
}

resource "aws_internet_gateway" "main" {}

resource "aws_internet_gateway_attachment" "main" {
  internet_gateway_id = aws_internet_gateway.main.id
  vpc_id              = aws_vpc.main.id
}

resource "aws_subnet" "front" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.7.0.0/24"
}

resource "aws_subnet" "back" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.7.1.0/24"
}

resource "aws_route_table" "front" {
  vpc_id = aws_vpc.main.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_route_table_association" "front" {
  subnet_id      = aws_subnet.front.id
  route_table_id = aws_route_table.front.id
}

resource "aws_security_group" "front" {
  name   = "front"
  vpc_id = aws_vpc.main.id

  ingress {
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "back" {
  name   = "back"
  vpc_id = aws_vpc.main.id

  ingress {
    protocol    = "tcp"
    from_port   = 5000
    to_port     = 5000
    cidr_blocks = ["10.7.0.10/32"]
  }
}

resource "aws_security_group" "ssh" {
  name   = "ssh"
  vpc_id = aws_vpc.main.id

  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["203.0.113.7/32"]
  }
}

# The primary interface is a resource of its own.
resource "aws_network_interface" "front" {
  subnet_id       = aws_subnet.front.id
  private_ips     = ["10.7.0.10"]
  security_groups = [aws_security_group.front.id]
}

resource "aws_instance" "front" {
  ami           = "ami-0a49b025fffbbdac6"
  instance_type = "t3.micro"

  primary_network_interface {
    network_interface_id = aws_network_interface.front.id
  }
}

resource "aws_eip" "front" {
  domain            = "vpc"
  network_interface = aws_network_interface.front.id
}

resource "aws_network_interface_sg_attachment" "front" {
  network_interface_id = aws_network_interface.front.id
  security_group_id    = aws_security_group.ssh.id
}

# The primary interface is implicit, and a second one is in another subnet.
resource "aws_instance" "gateway" {
  ami                    = "ami-0a49b025fffbbdac6"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.front.id
  private_ip             = "10.7.0.20"
  vpc_security_group_ids = [aws_security_group.front.id]
}

resource "aws_network_interface" "gateway_back" {
  subnet_id       = aws_subnet.back.id
  security_groups = [aws_security_group.back.id]

  attachment {
    instance     = aws_instance.gateway.id
    device_index = 1
  }
}

resource "aws_eip" "gateway" {
  domain = "vpc"
}

resource "aws_eip_association" "gateway" {
  instance_id   = aws_instance.gateway.id
  allocation_id = aws_eip.gateway.id
}

# An interface that is attached by a resource of its own.
resource "aws_instance" "back" {
  ami                    = "ami-0a49b025fffbbdac6"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.back.id
  vpc_security_group_ids = [aws_security_group.back.id]
}

resource "aws_network_interface" "extra" {
  subnet_id = aws_subnet.back.id
}

resource "aws_network_interface_attachment" "extra" {
  instance_id          = aws_instance.back.id
  network_interface_id = aws_network_interface.extra.id
  device_index         = 1
}

# Nothing uses this one.
resource "aws_network_interface" "spare" {
  subnet_id       = aws_subnet.front.id
  security_groups = [aws_security_group.front.id]
}

# Neither groups nor a public address are given.
resource "aws_instance" "plain" {
  count = 2

  ami           = "ami-0a49b025fffbbdac6"
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.front.id
}

# What a launch template says counts where the instance says nothing.
resource "aws_launch_template" "worker" {
  name_prefix            = "worker-"
  image_id               = "ami-0a49b025fffbbdac6"
  instance_type          = "t3.micro"
  vpc_security_group_ids = [aws_security_group.back.id]
}

resource "aws_instance" "worker" {
  subnet_id = aws_subnet.back.id

  launch_template {
    id      = aws_launch_template.worker.id
    version = "$Latest"
  }
}
