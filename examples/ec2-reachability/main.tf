# Three instances in the account's default VPC. One of the two targets lets the
# source in on port 80, the other does not.

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

resource "aws_instance" "source" {
  ami                    = "ami-0a49b025fffbbdac6"
  instance_type          = "t3.micro"
  vpc_security_group_ids = [aws_security_group.source.id]

  tags = {
    Name = "source"
  }
}

resource "aws_instance" "target_available" {
  ami                    = "ami-0a49b025fffbbdac6"
  instance_type          = "t3.micro"
  vpc_security_group_ids = [aws_security_group.target_available.id]

  tags = {
    Name = "target-available"
  }
}

resource "aws_instance" "target_unavailable" {
  ami                    = "ami-0a49b025fffbbdac6"
  instance_type          = "t3.micro"
  vpc_security_group_ids = [aws_security_group.target_unavailable.id]

  tags = {
    Name = "target-unavailable"
  }
}

resource "aws_security_group" "source" {
  name        = "source"
  description = "HTTP in, everything out"

  ingress {
    description = "HTTP from anywhere"
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "target_available" {
  name        = "target_available"
  description = "HTTP in, everything out"

  ingress {
    description = "HTTP from anywhere"
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "target_unavailable" {
  name        = "target_unavailable"
  description = "Nothing in, everything out"

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
