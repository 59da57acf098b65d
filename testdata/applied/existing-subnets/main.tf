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

# Default subnets that are known by their ids only, one of them with a route table
# of its own.

resource "aws_security_group" "open" {
  name = "open"

  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

data "aws_vpc" "default" {
  default = true
}

data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
}

resource "aws_route_table" "closed" {
  vpc_id = data.aws_vpc.default.id
}

resource "aws_route_table_association" "closed" {
  subnet_id      = data.aws_subnets.default.ids[0]
  route_table_id = aws_route_table.closed.id
}

resource "aws_instance" "closed" {
  ami                    = "ami-0a49b025fffbbdac6"
  instance_type          = "t3.micro"
  subnet_id              = data.aws_subnets.default.ids[0]
  vpc_security_group_ids = [aws_security_group.open.id]
}

resource "aws_instance" "somewhere" {
  count                  = 2
  ami                    = "ami-0a49b025fffbbdac6"
  instance_type          = "t3.micro"
  vpc_security_group_ids = [aws_security_group.open.id]
}
